-- wrk's side for isso: each request is a new comment of the same length on the same page.
local text = "Le site plante quand on valide la photo, il faut recommencer trois fois, c'est vraiment long et fatigant."
local headers = { ["Content-Type"] = "application/json" }
local body = string.format('{"text":"%s","title":"Mesure"}', text)

request = function() return wrk.format("POST", "/new?uri=%2Fmesure", headers, body) end

done = function(summary, latency, requests)
  io.write(string.format('{"requests": %d, "seconds": %f, "refused": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
