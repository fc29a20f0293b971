select l.lease, l.lessee, max(l.owner) as owner, max(coalesce(s.relation, '职工')) as relation, max(l.annual_rent) as annual_rent
from leases l join staff s on s.person = l.lessee and company_key(s.unit) = company_key(l.owner) group by l.lease, l.lessee
