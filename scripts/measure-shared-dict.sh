#!/usr/bin/env bash
# measure-shared-dict.sh: how many services fit into a lua_shared_dict of a real nginx before it says "no memory", with
# the entries that APISIX makes. Prints a table for Tests/APISIXTests/Registries/Kubernetes/SharedDictTests.swift. Wants nginx with its
# Lua module (Debian: nginx libnginx-mod-http-lua). No test runs it; nginx leaves before it would listen.
set -euo pipefail

# megabytes, letters of a name, nodes a service, ports a service
cases=(
  "1 8 1 1" "1 8 3 1" "1 8 10 1" "1 8 37 1" "1 8 60 1" "1 8 200 1" "1 40 2 1" "1 63 2 1" "1 63 3 3"
  "2 8 1 1" "2 8 3 1" "2 40 10 2" "2 8 45 1" "2 20 300 1" "2 63 1 1"
  "8 8 1 1" "8 8 3 1" "8 30 10 2" "8 8 37 1" "8 8 60 1" "8 12 1000 1" "8 63 2 1"
)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dicts=$(for index in "${!cases[@]}"; do echo "lua_shared_dict kubernetes$index ${cases[index]%% *}m;"; done)
cat >"$folder/nginx.conf" <<CONF
load_module modules/ndk_http_module.so;
load_module modules/ngx_http_lua_module.so;
pid $folder/nginx.pid;
error_log $folder/error.log;
events {}
http {
  lua_package_path "/usr/share/lua/5.1/?.lua;;";
  $dicts
  init_by_lua_file $folder/measure.lua;
}
CONF
cat >"$folder/measure.lua" <<'LUA'
-- What lua-cjson writes of a service's nodes; the order of keys is of no weight.
local function value(service, nodes, ports)
  local lists = {}
  for port = 1, ports do
    local list = {}
    for node = 0, nodes - 1 do
      list[#list + 1] = string.format('{"host":"10.%d.%d.%d","port":%d,"weight":50}',
        math.floor(service / 250) % 250, service % 250, node % 250, 8079 + port)
    end
    lists[#lists + 1] = string.format('"port%d":[%s]', port, table.concat(list, ","))
  end
  return "{" .. table.concat(lists, ",") .. "}"
end

for line in io.lines(arg_folder .. "/cases") do
  local index, megabytes, letters, nodes, ports = line:match("(%d+) (%d+) (%d+) (%d+) (%d+)")
  local dict = ngx.shared["kubernetes" .. index]
  local service = 0
  while true do
    local key = "default/" .. string.format("s%0" .. letters - 1 .. "d", service)
    -- As APISIX does it: the version first, then the nodes.
    local ok, err = dict:safe_set(key .. "#version", 1234567890)
    if ok then ok, err = dict:safe_set(key, value(service, nodes, ports)) end
    if not ok then
      assert(err == "no memory", err)
      break
    end
    service = service + 1
  end
  io.write(string.format("    .init(megabytes: %s, letters: %s, nodes: %s, ports: %s, fit: %d),\n",
    megabytes, letters, nodes, ports, service))
end
io.stdout:flush()
os.exit(0)
LUA
sed -i "1i local arg_folder = \"$folder\"" "$folder/measure.lua"
for index in "${!cases[@]}"; do echo "$index ${cases[index]}"; done >"$folder/cases"

nginx -v
nginx -c "$folder/nginx.conf" -g "daemon off;" || { cat "$folder/error.log" >&2; exit 1; }
