-- With whom a saved view is shared: the organisations and inspections its owner held a post in when it was saved. A view
-- that is shared with nobody is its owner's alone.
create table saved_view_circle (
    view_id uuid not null references saved_view (id), circle_id uuid not null, primary key (view_id, circle_id)
);
create index saved_view_circle_circle on saved_view_circle (circle_id);
insert into saved_view_circle
    select distinct v.id, coalesce(p.organisation_id, p.inspection_id) from saved_view v
    join post p on p.account_id = v.account_id
    where v.shared = true and coalesce(p.organisation_id, p.inspection_id) is not null;
