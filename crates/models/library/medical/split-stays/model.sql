with ordered as (
  select person, diagnosis, coalesce(hospital, '（未填机构）') as hospital, admitted_on,
    lag(discharged_on) over (partition by person, diagnosis order by admitted_on, discharged_on) as discharged_on from stays
), close as (
  select *, days(discharged_on, admitted_on) as gap, row_number() over (partition by person, diagnosis order by days(discharged_on, admitted_on), admitted_on) as place
  from ordered where days(discharged_on, admitted_on) between 0 and $window
)
select person, diagnosis, hospital, discharged_on, admitted_on, gap from close where place = 1
