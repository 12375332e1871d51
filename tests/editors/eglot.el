;;; emacs --batch -Q -l eglot.el: attach, show, fix, save.  Runs on eglot 1.9 (packaged) and later.
;; -Q hides packages that the distribution installed beside Emacs.
(let ((default-directory "/usr/share/emacs/site-lisp/elpa-src/"))
  (when (file-directory-p default-directory) (normal-top-level-add-subdirs-to-load-path)))
(require 'eglot)
(setq eglot-sync-connect t
      eglot-send-changes-idle-time 0.05
      eglot-autoshutdown t
      eglot-confirm-server-initiated-edits nil
      create-lockfiles nil
      make-backup-files nil)
(add-to-list 'eglot-server-programs
             `(python-mode . (,(getenv "INITLINT_PYTHON") "-m" "initlint" "server")))

(defun initlint-wait (wanted what)
  "Wait until WANTED returns non-nil; give up on WHAT after a minute."
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall wanted)) (< (float-time) end))
      (accept-process-output nil 0.02)
      (sit-for 0.01))
    (unless (funcall wanted)
      (message "FAILED %s" what)
      (kill-emacs 1))))

(with-current-buffer (find-file-noselect (getenv "INITLINT_FILE"))
  (python-mode)
  (apply #'eglot--connect (eglot--guess-contact))
  (eglot--managed-mode 1)
  (flymake-mode 1)
  (flymake-start)
  (initlint-wait (lambda () (= 2 (length (flymake-diagnostics)))) "no diagnostics")
  (dolist (found (flymake-diagnostics))
    (message "FOUND %s: %s"
             (buffer-substring (flymake-diagnostic-beg found) (flymake-diagnostic-end found))
             (flymake-diagnostic-text found)))
  (let ((actions (eglot-code-actions (point-min) (point-max) "source.fixAll")))
    (message "ACTION %s" (plist-get (elt actions 0) :title))
    (eglot--apply-workspace-edit (plist-get (elt actions 0) :edit)))
  (eglot--signal-textDocument/didChange)
  (initlint-wait (lambda () (null (flymake-diagnostics))) "the diagnostics did not clear")
  (message "CLEARED")
  (save-buffer)
  (eglot-shutdown (eglot-current-server)))
