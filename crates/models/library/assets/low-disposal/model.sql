select asset, disposed_on, price, appraisal, appraised_on, cast(price as double) / appraisal as share, days(appraised_on, disposed_on) as age
from disposals where cast(price as double) / appraisal < $share or days(appraised_on, disposed_on) > $age
