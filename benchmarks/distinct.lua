-- For wrk: the addresses of a file one after another, each once; at the end what was measured, as one line of JSON.
local requests, place = {}, 0

function init(arguments)
  for address in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", address)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
