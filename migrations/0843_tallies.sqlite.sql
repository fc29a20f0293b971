-- Problems fed back and closings, counted beforehand by what figures ask for: a hundred rows become one or two, and a
-- figure of a whole city reads some thousands. The database keeps them itself, so nothing that writes can forget to.
create table problem_tally (
    term_id uuid not null, inspection_id uuid not null, organisation_id uuid not null, inspection_kind text not null,
    team text not null, field text not null, category_1 text not null, audit_linked boolean not null,
    fed_back_on date not null, n bigint not null,
    primary key (term_id, inspection_id, organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on)
) without rowid;
create index problem_tally_inspection on problem_tally (inspection_id, fed_back_on);
insert into problem_tally
    select term_id, inspection_id, organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on, count(*)
    from problem where fed_back_on is not null
    group by term_id, inspection_id, organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on;

create trigger problem_tally_new after insert on problem when new.fed_back_on is not null begin
    insert into problem_tally values (new.term_id, new.inspection_id, new.organisation_id, new.inspection_kind, new.team,
        new.field, new.category_1, new.audit_linked, new.fed_back_on, 1)
    on conflict (term_id, inspection_id, organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on)
    do update set n = n + 1;
end;
create trigger problem_tally_before after update of term_id, inspection_id, organisation_id, inspection_kind, team, field,
    category_1, audit_linked, fed_back_on on problem when old.fed_back_on is not null begin
    update problem_tally set n = n - 1 where term_id = old.term_id and inspection_id = old.inspection_id
        and organisation_id = old.organisation_id and inspection_kind = old.inspection_kind and team = old.team
        and field = old.field and category_1 = old.category_1 and audit_linked = old.audit_linked
        and fed_back_on = old.fed_back_on;
end;
create trigger problem_tally_after after update of term_id, inspection_id, organisation_id, inspection_kind, team, field,
    category_1, audit_linked, fed_back_on on problem when new.fed_back_on is not null begin
    insert into problem_tally values (new.term_id, new.inspection_id, new.organisation_id, new.inspection_kind, new.team,
        new.field, new.category_1, new.audit_linked, new.fed_back_on, 1)
    on conflict (term_id, inspection_id, organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on)
    do update set n = n + 1;
end;
create trigger problem_tally_gone after delete on problem when old.fed_back_on is not null begin
    update problem_tally set n = n - 1 where term_id = old.term_id and inspection_id = old.inspection_id
        and organisation_id = old.organisation_id and inspection_kind = old.inspection_kind and team = old.team
        and field = old.field and category_1 = old.category_1 and audit_linked = old.audit_linked
        and fed_back_on = old.fed_back_on;
end;

-- A closing that holds is taken back at the end of time, so that its day is part of the key.
create table closure_tally (
    term_id uuid not null, inspection_id uuid not null, closed_on date not null, reopened_on date not null, n bigint not null,
    primary key (term_id, inspection_id, closed_on, reopened_on)
) without rowid;
insert into closure_tally
    select term_id, inspection_id, closed_on, coalesce(reopened_on, '9999-12-31'), count(*) from closure
    group by term_id, inspection_id, closed_on, coalesce(reopened_on, '9999-12-31');

create trigger closure_tally_new after insert on closure begin
    insert into closure_tally
    values (new.term_id, new.inspection_id, new.closed_on, coalesce(new.reopened_on, '9999-12-31'), 1)
    on conflict (term_id, inspection_id, closed_on, reopened_on) do update set n = n + 1;
end;
create trigger closure_tally_changed after update of term_id, inspection_id, closed_on, reopened_on on closure begin
    update closure_tally set n = n - 1 where term_id = old.term_id and inspection_id = old.inspection_id
        and closed_on = old.closed_on and reopened_on = coalesce(old.reopened_on, '9999-12-31');
    insert into closure_tally
    values (new.term_id, new.inspection_id, new.closed_on, coalesce(new.reopened_on, '9999-12-31'), 1)
    on conflict (term_id, inspection_id, closed_on, reopened_on) do update set n = n + 1;
end;
create trigger closure_tally_gone after delete on closure begin
    update closure_tally set n = n - 1 where term_id = old.term_id and inspection_id = old.inspection_id
        and closed_on = old.closed_on and reopened_on = coalesce(old.reopened_on, '9999-12-31');
end;
