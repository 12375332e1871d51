-- nvim --headless -u NONE -i NONE -n -S neovim.lua: attach, show, fix, save. Attaches as the set-up page says:
-- one way for Neovim 0.7, another from 0.11 on.
local function say(text) io.stdout:write(text .. "\n") end

local ok, problem = pcall(function()
  local file = vim.env.INITLINT_FILE
  local cmd, settings = { vim.env.INITLINT_PYTHON, "-m", "initlint", "server" }, { initlint = { enable = true } }
  local modern, id = vim.fn.has("nvim-0.11") == 1, nil
  if modern then
    vim.lsp.config("initlint", {
      cmd = cmd, filetypes = { "python" }, root_markers = { "pyproject.toml", ".git" }, settings = settings,
    })
    vim.lsp.enable("initlint")
    vim.lsp.inlay_hint.enable(true)
  end
  vim.cmd("edit " .. file)
  vim.bo.filetype = "python"
  if modern then
    local function clients() return vim.lsp.get_clients({ name = "initlint" }) end
    assert(vim.wait(60000, function() return #clients() == 1 end, 20), "not attached")
    id = clients()[1].id
  else
    id = vim.lsp.start_client({
      name = "initlint", cmd = cmd, root_dir = vim.fn.fnamemodify(file, ":h"), settings = settings,
    })
    vim.lsp.buf_attach_client(0, id)
  end
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
