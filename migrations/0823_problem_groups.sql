-- Like problems of several organisations, proposed by likeness and confirmed by a person.

create table problem_group (
    id uuid primary key, version bigint not null, number text not null unique, title text not null, shared text not null,
    category text not null, field text not null, problems bigint not null, organisations bigint not null, state text not null, found_on date not null,
    mark text not null unique, decided_on date, decided_by uuid, decision text not null,
    handover_id uuid references handover (id)
);
create index problem_group_number on problem_group (number, id);
create table problem_group_member (
    id uuid primary key, group_id uuid not null references problem_group (id), position bigint not null,
    problem_id uuid not null references problem (id), likeness bigint not null
);
create index problem_group_member_group on problem_group_member (group_id, position);
create index problem_group_member_problem on problem_group_member (problem_id);
