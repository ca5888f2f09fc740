-- SPDX-License-Identifier: MIT
-- cpim.lua - tshark has no dissector for message/cpim (RFC 3862): this one reads it, complains where it is not as the RFC says, and hands
-- the content to the dissector of its media type.
local cpim = Proto("cpim", "Common Presence and Instant Messaging")
local field = { line = ProtoField.string("cpim.header", "Header"), type = ProtoField.string("cpim.content_type", "Content-Type") }
cpim.fields = field
local malformed = ProtoExpert.new("cpim.malformed", "CPIM is malformed", expert.group.MALFORMED, expert.severity.ERROR)
cpim.experts = { malformed }
local media = DissectorTable.get("media_type")

local function address(value) return value:match("^<%a[%w+.-]*:[^<>%s]+>$") or value:match("^[^<>]+ <%a[%w+.-]*:[^<>%s]+>$") or
                                     value:match('^".*" ?<%a[%w+.-]*:[^<>%s]+>$') end
local forms = {
  From = address, To = address, cc = address,
  NS = function(value) return value:match("^[%w!#$%%&'*+^_`|~-]* ?<%a[%w+.-]*:[^<>%s]+>$") end,
  DateTime = function(value)
    return value:match("^%d%d%d%d%-%d%d%-%d%d[Tt]%d%d:%d%d:%d%d%.?%d*[Zz]$") or
           value:match("^%d%d%d%d%-%d%d%-%d%d[Tt]%d%d:%d%d:%d%d%.?%d*[+-]%d%d:%d%d$")
  end
}

-- Name, parameters and value of a line of the first block; a reason if it is none.
local function header(line, bound)
  local name, rest = line:match("^([%w!#$%%&'*+^_`|~.-]+):(.*)$")
  if not name then return nil, "a line without a name: " .. line end
  local parameters, value = rest:match("^(;[^ ]*) (.*)$")
  if not parameters then value = rest:match("^ (.*)$") end
  if not value then return nil, "no space behind the name: " .. line end
  local prefix = name:match("^([^.]+)%.")
  if prefix and not bound[prefix] then return nil, "a prefix that no NS names: " .. line end
  if forms[name] and not forms[name](value) then return nil, "a value that is none: " .. line end
  if name == "NS" then bound[value:match("^([^ <]*)")] = true end
  return name
end

local function block(text, at, each)
  while true do
    local stop = text:find("\r\n", at, true)
    if not stop then return nil end
    local line = text:sub(at, stop - 1)
    if line == "" then return stop + 2 end
    each(line, at)
    at = stop + 2
  end
end

-- Of a chunk of MSRP: does it begin with the message's first octet, and end with its last one?
local range = Field.new("msrp.byte.range")
local function chunk()
  local all = { range() }
  if #all == 0 then return true, true end
  local from, to, total = tostring(all[#all].value):match("(%d+)%-([%d*]+)/([%d*]+)")
  return from == "1", to == total
end

function cpim.dissector(buffer, packet, tree)
  local text, seen, bound, kind = buffer:raw(0, buffer:len()), {}, {}, nil
  local branch, first, last = tree:add(cpim, buffer()), chunk()
  if not first then return buffer:len() end
  local complaints = 0
  local function complain(why)
    complaints = complaints + 1
    if complaints <= 3 then branch:add_proto_expert_info(malformed, why) end
  end
  local at = block(text, 1, function(line, from)
    branch:add(field.line, buffer(from - 1, #line))
    local name, why = header(line, bound)
    if not name then complain(why) else seen[name] = (seen[name] or 0) + 1 end
  end)
  if not at then
    if last then complain("the header does not end") end
    return buffer:len()
  end
  if not seen.From or seen.From > 1 then complain("not one From") end
  if (seen.DateTime or 0) > 1 then complain("two DateTime") end
  at = block(text, at, function(line, from)
    local name, value = line:match("^([%w-]+): *(.*)$")
    if not name and not line:match("^[ \t]") then complain("a line of MIME without a name: " .. line) end
    if name and name:lower() == "content-type" then kind = value end
    branch:add(field.line, buffer(from - 1, #line))
  end)
  if not at then
    if last then complain("the header of the content does not end") end
    return buffer:len()
  end
  if not kind then
    if at <= #text then complain("content without a type") end
    return buffer:len()
  end
  local name = kind:match("^([^; \t]+)"):lower()
  branch:add(field.type, kind)
  -- Of a multipart its dissector wants the boundary, which it cannot be given from here.
  if last and at <= #text and not name:match("^multipart/") then media:try(name, buffer(at - 1):tvb(), packet, tree) end
  return buffer:len()
end
media:add("message/cpim", cpim)
