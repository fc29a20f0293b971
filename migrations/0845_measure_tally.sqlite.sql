-- Measures, counted beforehand as 0843 counts problems.

-- What figures ask of a measure. A column that none asks of its kind holds the end of time, and so does a day that has not
-- come: a measure in progress is done at the end of time. Dated measures done by their day are never asked for.
create view measure_standing as
    select m.id, m.term_kind, coalesce(m.closed_on, '9999-12-31') as closed_on,
        case when m.term_kind = 'long_term' or m.closed_on <= m.due_on then '9999-12-31' else coalesce(m.due_on, '9999-12-31') end as due_on,
        case when m.term_kind = 'long_term' then coalesce(m.started_on, '9999-12-31') else '9999-12-31' end as started_on,
        m.inspection_id
    from measure m where m.term_kind <> 'dated' or m.closed_on is null or m.closed_on > m.due_on;

create table measure_tally (
    term_kind text not null, closed_on date not null, due_on date not null, started_on date not null,
    inspection_id uuid not null, n bigint not null,
    primary key (term_kind, closed_on, due_on, started_on, inspection_id)
) without rowid;
insert into measure_tally
    select term_kind, closed_on, due_on, started_on, inspection_id, count(*) from measure_standing
    group by term_kind, closed_on, due_on, started_on, inspection_id;

create trigger measure_tally_new after insert on measure begin
    insert into measure_tally
        select term_kind, closed_on, due_on, started_on, inspection_id, 1 from measure_standing where id = new.id
    on conflict (term_kind, closed_on, due_on, started_on, inspection_id) do update set n = n + 1;
end;
create trigger measure_tally_before before update of term_kind, closed_on, due_on, started_on, inspection_id on measure begin
    update measure_tally set n = n - 1 where (term_kind, closed_on, due_on, started_on, inspection_id) =
        (select term_kind, closed_on, due_on, started_on, inspection_id from measure_standing where id = old.id);
end;
create trigger measure_tally_after after update of term_kind, closed_on, due_on, started_on, inspection_id on measure begin
    insert into measure_tally
        select term_kind, closed_on, due_on, started_on, inspection_id, 1 from measure_standing where id = new.id
    on conflict (term_kind, closed_on, due_on, started_on, inspection_id) do update set n = n + 1;
end;
create trigger measure_tally_gone before delete on measure begin
    update measure_tally set n = n - 1 where (term_kind, closed_on, due_on, started_on, inspection_id) =
        (select term_kind, closed_on, due_on, started_on, inspection_id from measure_standing where id = old.id);
end;
