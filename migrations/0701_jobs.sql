-- Work done behind the pages: one row for each job, and when recurring ones are due.

create table job (
    id uuid primary key, version bigint not null, kind text not null, title text not null, account_id uuid,
    by_name text not null, state text not null, payload_sealed text not null,
    -- Set while the job waits or runs, so that the same work is not ordered twice.
    open_key text unique,
    queued_at timestamptz not null, run_at timestamptz not null, started_at timestamptz, ended_at timestamptz,
    attempts bigint not null, claimed_by text not null, beat_at timestamptz, stop_asked boolean not null,
    done bigint not null, total bigint not null, message text not null, result_link text not null,
    result_name text not null
);
create index job_state on job (state, run_at);
create index job_account on job (account_id, queued_at);
create index job_queued on job (queued_at, id);
create index job_ended on job (ended_at);

create table job_schedule (
    id uuid primary key, version bigint not null, kind text not null unique, state text not null,
    pattern text not null, next_at timestamptz not null, last_at timestamptz, last_job_id uuid
);
create index job_schedule_next on job_schedule (state, next_at);
