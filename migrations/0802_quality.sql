-- Evaluation of reports: sheets, evaluations, and what each of the two readers gave.

create table score_sheet (
    id uuid primary key, version bigint not null, name text not null, items text not null, basis text not null
);
create unique index score_sheet_name_once on score_sheet (name);
create index score_sheet_name on score_sheet (name, id);

create table quality_review (
    id uuid primary key, version bigint not null, number text not null, report_id uuid references report (id),
    inspection_id uuid references inspection (id), district_id uuid references organisation (id), title text not null,
    sheet_id uuid not null references score_sheet (id), reader_one uuid not null, reader_two uuid not null,
    readers text not null, begun_on date not null, mean_tenths bigint, deviation_tenths bigint, comments text not null,
    faults text not null, improvement text not null, due_on date, due_basis text not null, published_on date,
    state text not null
);
create unique index quality_review_number_once on quality_review (number);
create index quality_review_number on quality_review (number, id);
create index quality_review_begun on quality_review (begun_on, id);
create index quality_review_district on quality_review (district_id, number, id);
create index quality_review_state on quality_review (state, number, id);
create index quality_review_inspection on quality_review (inspection_id);

create table quality_score (
    id uuid primary key, version bigint not null, review_id uuid not null references quality_review (id),
    title text not null, sheet_id uuid not null references score_sheet (id), reader_id uuid not null,
    reader_name text not null, marks text not null, remarks text not null, total_tenths bigint not null,
    revealed boolean not null, state text not null
);
create index quality_score_title on quality_score (title, id);
create index quality_score_review on quality_score (review_id);
create index quality_score_reader on quality_score (reader_id, state);
