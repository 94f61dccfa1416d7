-- What wrk sends: page views of many people, as a proxy passes them on.
--
--     wrk ... -s traffic.lua URL -- SEED MEAN_PAUSE
--
-- Requests are put together before the run, so that the load generator stays cheap: while it runs,
-- it only picks one. MEAN_PAUSE (milliseconds, 0: none) is what a connection waits on average before
-- each request; pauses are exponential, so that requests come like visitors and not in step.

local REQUESTS, ADDRESSES, PAGES, SITES = 20000, 10000, 1000, 5
local SHARE_IPV6, SHARE_QUERY, SHARE_NO_REFERRER = 0.15, 0.3, 0.4
local LONGEST_PAUSES = 8 -- times the mean: one in three thousand is cut

local WINDOWS, MAC, LINUX = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"
local PHONES = {
  "Linux; Android 10; K", "Linux; Android 13; SM-A546B", "Linux; Android 14; Pixel 8", "Linux; Android 15; SM-S928B",
}
local REFERRERS = {
  "https://www.google.com/", "https://www.google.de/", "https://www.bing.com/", "https://duckduckgo.com/",
  "https://news.ycombinator.com/item?id=40000001", "https://t.co/AbCdEf1234", "https://www.facebook.com/",
  "https://l.instagram.com/", "https://www.linkedin.com/feed/", "https://old.reddit.com/r/programming/",
  "https://github.com/example/example", "https://blog.example.org/2026/05/a-post-about-posts", "android-app://com.slack/",
}
local QUERIES = {
  "utm_source=newsletter&utm_medium=email&utm_campaign=spring", "utm_source=google&utm_medium=cpc&utm_term=web+analytics",
  "gclid=Cj0KCQjw-8AnD0sBhD9ARIsAM", "fbclid=IwAR2xYzAbCdEfGh0123456789", "ref=producthunt", "page=2&sort=newest",
}
local LANGUAGES = { "en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr-FR,fr;q=0.9", "ja,en-US;q=0.7", "pt-BR,pt;q=0.9" }

local threads = 0
local requests = {}

local function any(list)
  return list[math.random(#list)]
end

-- Let chromium, firefox and safari add their user agents to a list: about fifty.
local function add_chromium(list, version)
  local engine = "Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 %sSafari/537.36"
  for _, platform in ipairs({ WINDOWS, MAC, LINUX }) do
    list[#list + 1] = engine:format(platform, version, "")
  end
  for _, phone in ipairs(PHONES) do
    list[#list + 1] = engine:format(phone, version, "Mobile ")
  end
  list[#list + 1] = engine:format(WINDOWS, version, "") .. (" Edg/%d.0.0.0"):format(version)
  list[#list + 1] = "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) "
    .. ("SamsungBrowser/%d.0 Chrome/%d.0.0.0 Mobile Safari/537.36"):format(version - 110, version - 6)
end

local function add_firefox(list, version)
  for _, platform in ipairs({ WINDOWS, "Macintosh; Intel Mac OS X 10.15", LINUX }) do
    list[#list + 1] = ("Mozilla/5.0 (%s; rv:%d.0) Gecko/20100101 Firefox/%d.0"):format(platform, version, version)
  end
end

local function add_safari(list, version)
  local engine = "Mozilla/5.0 (%s) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%s %sSafari/%s"
  list[#list + 1] = engine:format(MAC, version, "", "605.1.15")
  local iphone = ("iPhone; CPU iPhone OS %s like Mac OS X"):format((version:gsub("%.", "_")))
  list[#list + 1] = engine:format(iphone, version, "Mobile/15E148 ", "604.1")
end

local function make_user_agents()
  local list = {}
  for _, version in ipairs({ 132, 135, 136, 137 }) do
    add_chromium(list, version)
  end
  for _, version in ipairs({ 128, 138, 139 }) do
    add_firefox(list, version)
  end
  for _, version in ipairs({ "17.6", "18.4", "18.5" }) do
    add_safari(list, version)
  end
  return list
end

local function make_address()
  if math.random() < SHARE_IPV6 then
    return ("2a0%x:%x:%x:%x::%x"):format(
      math.random(0, 15), math.random(0, 65535), math.random(0, 65535), math.random(0, 65535), math.random(1, 65535)
    )
  end
  return ("%d.%d.%d.%d"):format(math.random(11, 99), math.random(0, 255), math.random(0, 255), math.random(1, 254))
end

local function make_addresses()
  local list = {}
  for number = 1, ADDRESSES do
    list[number] = make_address()
  end
  return list
end

-- Zipf's law: the page of rank n is seen 1/n as often as the first.
local function make_ranks()
  local sums, sum = {}, 0
  for rank = 1, PAGES do
    sum = sum + 1 / rank
    sums[rank] = sum
  end
  return sums
end

local function any_rank(sums)
  local sought, low, high = math.random() * sums[PAGES], 1, PAGES
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sums[middle] < sought then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local function make_headers(site, page, address, user_agent)
  return {
    ["User-Agent"] = user_agent,
    ["Accept"] = "*/*",
    ["Accept-Encoding"] = "gzip, deflate, br, zstd",
    ["Accept-Language"] = any(LANGUAGES),
    ["Content-Type"] = "text/plain",
    ["Origin"] = site,
    ["Referer"] = page,
    ["Sec-Fetch-Dest"] = "empty",
    ["Sec-Fetch-Mode"] = "cors",
    ["Sec-Fetch-Site"] = "cross-site",
    ["X-Forwarded-For"] = address,
    ["X-Forwarded-Proto"] = "https",
  }
end

local function make_request(address, user_agent, rank)
  local domain = ("bench-%d.example.com"):format(math.random(SITES))
  local site = "https://" .. domain
  local page = ("%s/blog/post-%d"):format(site, rank)
  if math.random() < SHARE_QUERY then
    page = page .. "?" .. any(QUERIES)
  end
  local referrer = math.random() < SHARE_NO_REFERRER and "null" or ('"%s"'):format(any(REFERRERS))
  local body = ('{"n":"pageview","u":"%s","d":"%s","r":%s}'):format(page, domain, referrer)
  return wrk.format("POST", wrk.path, make_headers(site, page, address, user_agent), body)
end

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  math.randomseed(tonumber(args[1]) * 1000 + number)
  local addresses, user_agents, ranks = make_addresses(), make_user_agents(), make_ranks()
  for index = 1, REQUESTS do
    requests[index] = make_request(addresses[index % ADDRESSES + 1], any(user_agents), any_rank(ranks))
  end
  local mean = tonumber(args[2])
  if mean > 0 then -- a global of this name makes wrk pause
    delay = function()
      return math.floor(math.min(-math.log(1 - math.random()), LONGEST_PAUSES) * mean + 0.5)
    end
  end
end

function request()
  return requests[math.random(REQUESTS)]
end

-- One line of JSON, the last; latencies in microseconds.
function done(summary, latency, _requests)
  local errors = summary.errors
  io.write(
    ('{"duration": %d, "requests": %d, "refused": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d, '):format(
      summary.duration, summary.requests, errors.status, errors.connect, errors.read, errors.write, errors.timeout
    ),
    ('"p50": %d, "p75": %d, "p90": %d, "p99": %d, "max": %d}\n'):format(
      latency:percentile(50), latency:percentile(75), latency:percentile(90), latency:percentile(99), latency.max
    )
  )
end
