-- wrk's side of the intake benchmark: each request is a new review of about 110 characters of comment.
local key = os.getenv("BENCH_KEY")
local body = '{"id":"%s","key":"%s","lang":"fr","answers":{"satisfaction":"medium","verbatim":"%s"}}'
local text = "Le site plante quand on valide la photo, il faut recommencer trois fois, c'est vraiment long et fatigant."
math.randomseed(os.time())

local function hex(number)
  local digits = {}
  for place = 1, number do digits[place] = string.format("%x", math.random(0, 15)) end
  return table.concat(digits)
end

local function letters(number)
  local found = {}
  for place = 1, number do found[place] = string.char(math.random(97, 122)) end
  return table.concat(found)
end

-- With BENCH_SPREAD, browsers at five thousand addresses, of whom no two write the same.
local spread = os.getenv("BENCH_SPREAD") == "1"

local function headers()
  if not spread then return { ["Content-Type"] = "application/json" } end
  return {
    ["Content-Type"] = "application/json",
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = string.format("198.51.%d.%d", math.random(0, 19), math.random(0, 249)),
  }
end

request = function()
  local id = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  local written = spread and text .. " " .. letters(12) or text
  return wrk.format("POST", "/api/v1/reviews", headers(), string.format(body, id, key, written))
end

done = function(summary, latency, requests)
  io.write(string.format('{"requests": %d, "seconds": %f, "refused": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
