-- nvim --headless -u NONE -i NONE -n -S neovim.lua: attach, show, fix, save. Runs on Neovim 0.7 and later.
local function say(text) io.stdout:write(text .. "\n") end

local ok, problem = pcall(function()
  local file = vim.env.INITLINT_FILE
  vim.cmd("edit " .. file)
  vim.bo.filetype = "python"
  local id = vim.lsp.start_client({
    name = "initlint",
    cmd = { vim.env.INITLINT_PYTHON, "-m", "initlint", "server" },
    root_dir = vim.fn.fnamemodify(file, ":h"),
    settings = { initlint = { enable = true } },
  })
  vim.lsp.buf_attach_client(0, id)
  local function found() return vim.diagnostic.get(0) end
  assert(vim.wait(60000, function() return #found() == 2 end, 20), "no diagnostics")
  for _, each in ipairs(found()) do
    say(string.format("FOUND %d:%d %s", each.lnum + 1, each.col + 1, each.code or each.user_data.lsp.code))
  end
  local client = vim.lsp.get_client_by_id(id)

  vim.api.nvim_win_set_cursor(0, { 8, 20 })
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = vim.lsp.buf_request_sync(0, "textDocument/hover", params, 10000)[id].result
  say("HOVER " .. answer.contents.value:match("^[^\n]*"))

  local range = vim.lsp.util.make_range_params(0, client.offset_encoding)
  range.context = { diagnostics = {}, only = { "source.fixAll" } }
  local actions = vim.lsp.buf_request_sync(0, "textDocument/codeAction", range, 30000)[id].result
  say("ACTION " .. actions[1].title .. " " .. actions[1].kind)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
  assert(vim.wait(60000, function() return #found() == 0 end, 20), "the diagnostics did not clear")
  say("CLEARED")
  vim.cmd("write")
  client.stop()
end)
if not ok then
  say("FAILED " .. tostring(problem))
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
