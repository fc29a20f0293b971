select plate, count(*) as trips, sum(kilometres) as kilometres, max(left_on) as last_on from trips
where holiday or approved = false group by plate having count(*) >= $least
