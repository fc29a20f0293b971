with own as (
  select tender, bidder, max(content) as content from bids where length(content) >= $length group by tender, bidder
), pairs as (
  select a.tender, a.bidder as one, b.bidder as other, similarity(a.content, b.content) as likeness
  from own a join own b on a.tender = b.tender and a.bidder < b.bidder
)
select tender, one, other, likeness from pairs where likeness >= $likeness
