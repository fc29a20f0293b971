-- Measures, counted beforehand as 0843 counts problems.

-- What figures ask of a measure. A column that none asks of its kind holds the end of time, and so does a day that has not
-- come: a measure in progress is done at the end of time. Dated measures done by their day are never asked for.
create view measure_standing as
    select m.id, m.term_kind, coalesce(m.closed_on, date '9999-12-31') as closed_on,
        case when m.term_kind = 'long_term' or m.closed_on <= m.due_on then date '9999-12-31'
            else coalesce(m.due_on, date '9999-12-31') end as due_on,
        case when m.term_kind = 'long_term' then coalesce(m.started_on, date '9999-12-31') else date '9999-12-31' end as started_on,
        m.inspection_id
    from measure m where m.term_kind <> 'dated' or m.closed_on is null or m.closed_on > m.due_on;

create table measure_tally (
    term_kind text not null, closed_on date not null, due_on date not null, started_on date not null,
    inspection_id uuid not null, n bigint not null,
    primary key (term_kind, closed_on, due_on, started_on, inspection_id)
);
insert into measure_tally
    select term_kind, closed_on, due_on, started_on, inspection_id, count(*) from measure_standing
    group by term_kind, closed_on, due_on, started_on, inspection_id;

-- Before a change the old row is still there to be read, after it the new one.
create function tally_measure() returns trigger language plpgsql as $$
begin
    if tg_when = 'BEFORE' then
        update measure_tally t set n = t.n - 1 from measure_standing s where s.id = old.id
            and (t.term_kind, t.closed_on, t.due_on, t.started_on, t.inspection_id)
                = (s.term_kind, s.closed_on, s.due_on, s.started_on, s.inspection_id);
        if tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;
    insert into measure_tally as t
        select s.term_kind, s.closed_on, s.due_on, s.started_on, s.inspection_id, 1 from measure_standing s where s.id = new.id
    on conflict (term_kind, closed_on, due_on, started_on, inspection_id) do update set n = t.n + 1;
    return null;
end $$;
create trigger measure_tally_before before delete or update of term_kind, closed_on, due_on, started_on, inspection_id
    on measure for each row execute function tally_measure();
create trigger measure_tally_after after insert or update of term_kind, closed_on, due_on, started_on, inspection_id
    on measure for each row execute function tally_measure();
