-- Meetings of decision bodies with the reports they discuss, and the instructions given in them.

create table meeting (
    id uuid primary key, version bigint not null, number text not null, kind text not null, title text not null,
    planned_on date not null, held_on date, place text not null, chair text not null, agenda text not null,
    present text not null, absent text not null, listeners text not null, decisions text not null, state text not null,
    created_at timestamptz not null
);
create unique index meeting_number_once on meeting (number);
create index meeting_number on meeting (number, id);
create index meeting_planned on meeting (planned_on, id);
create index meeting_kind on meeting (kind, number, id);
create index meeting_state on meeting (state, number, id);

create table meeting_report (
    meeting_id uuid not null references meeting (id), report_id uuid not null references report (id),
    position bigint not null, primary key (meeting_id, report_id)
);
create index meeting_report_report on meeting_report (report_id);

create table instruction (
    id uuid primary key, version bigint not null, number text not null, meeting_id uuid references meeting (id),
    report_id uuid references report (id), leader text not null, given_on date not null, text_sealed text not null,
    owner text not null, due_on date, due_basis text not null, progress_sealed text not null, progress_on date,
    reported_by uuid, done_on date, state text not null
);
create unique index instruction_number_once on instruction (number);
create index instruction_number on instruction (number, id);
create index instruction_given on instruction (given_on, id);
create index instruction_due on instruction (due_on /*pg nulls first pg*/, id);
create index instruction_state on instruction (state, number, id);
create index instruction_meeting on instruction (meeting_id, number, id);
create index instruction_report on instruction (report_id);
