with owned as (select person, string_agg(distinct kind, '、') as holdings, sum(worth) as worth from holdings group by person having sum(worth) > $limit)
select p.person, p.programme, sum(p.amount) as amount, o.holdings, o.worth from payments p join owned o on o.person = p.person
where coalesce(p.means_tested, true) group by p.person, p.programme, o.holdings, o.worth
