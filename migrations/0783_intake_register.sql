-- The office's side of public intake, as people look at it: until when each key was given out, which letter was closed
-- to which, and every package that somebody brought, whether it was taken or not.
alter table intake_key add column retired_at timestamptz;
alter table intake_key add column made_by text not null default '';

create table intake_package (
    id uuid primary key, at timestamptz not null, account_id uuid, by_name text not null, way text not null,
    host text not null, serial bigint, made_at timestamptz, digest text not null, letters bigint not null,
    genuine boolean not null, taken bigint not null, held bigint not null, refused bigint not null, outcome text not null,
    why text not null
);
create index intake_package_at on intake_package (at, id);

alter table intake_letter add column key_print text not null default '';
alter table intake_letter add column package_id uuid;
create index intake_letter_package on intake_letter (package_id);
