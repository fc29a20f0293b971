select meeting, coalesce(unit, '（未填单位）') as unit, people, "days" as length, amount, limit_each, amount / (people * "days") as each
from meetings where amount / (people * "days") > limit_each
