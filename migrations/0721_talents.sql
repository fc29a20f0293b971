-- The talent pool: who can be called into teams, what speaks for and against it, and how they did.

create table talent (
    id uuid primary key, version bigint not null, person_id uuid not null unique references person (id), pool text not null,
    state text not null, speciality text not null, second_speciality text not null, political text not null,
    native_place text not null, career text not null, relatives_sealed text not null, available_from date,
    available_to date, note text not null, nominated_by uuid, decided_by uuid, decided_on date, opinion text not null,
    entered_on date not null
);
create index talent_entered on talent (entered_on, id);
create index talent_state on talent (state, pool);
create index talent_speciality on talent (speciality);

-- Where somebody held a post (`post`) or a near relative works (`relative`, without saying who). `at_id` is empty
-- where the organisation is not registered.
create table talent_tie (
    id uuid primary key, talent_id uuid not null references talent (id), kind text not null,
    at_id uuid references organisation (id), title text not null, from_on date, to_on date
);
create index talent_tie_talent on talent_tie (talent_id, kind);
create index talent_tie_at on talent_tie (at_id);
