-- The inventory of the data centre. init_worker is still to come.
local _M = {}

--[[ function _M.init_worker()
end ]]

function _M.nodes(service_name)
    return {{host = "10.2.0.7", port = 8080, weight = 1}}
end

return _M
