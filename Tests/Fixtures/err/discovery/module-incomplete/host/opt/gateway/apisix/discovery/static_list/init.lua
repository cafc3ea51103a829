local _M = {}

_M.init_worker = function() end

return _M
