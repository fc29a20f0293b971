select d.hospital, d.donor, min(d.donated_on) as donated_on, max(d.donated) as donated, sum(p.amount) as total, $window as window
from donations d join purchases p on p.hospital = d.hospital and company_key(p.supplier) = company_key(d.donor)
where abs(days(d.donated_on, p.bought_on)) <= $window group by d.hospital, d.donor
