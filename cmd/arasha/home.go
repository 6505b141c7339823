package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
)

// homeFlags are the options of every command that needs a home.
type homeFlags struct {
	Home           string `env:"ARASHA_HOME" placeholder:"DIR" help:"The home made by \"arasha init\"."`
	PassphraseFile string `env:"ARASHA_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the keys from the first line of FILE. Without it: ARASHA_PASSPHRASE, or a prompt."`
	ClockNote      string `placeholder:"WHY" help:"Record although the clock is behind the log, and why it is."`
}

// actorFlags say who does something; both values are sealed.
type actorFlags struct {
	Collector string `env:"ARASHA_COLLECTOR" placeholder:"NAME" help:"Who does this. Sealed: only the recipients named at \"arasha init\" can read it."`
	From      string `env:"ARASHA_FROM" placeholder:"ADDRESS" help:"From which network address, or by which proxy. Sealed too."`
}

// open opens the home of the options.
func (f *homeFlags) open(w *world) (*vault.Home, error) {
	if f.Home == "" {
		return nil, wrongUse("Give --home DIR or set ARASHA_HOME; \"arasha init\" makes a home.", "which home?")
	}
	h, err := vault.OpenHome(f.Home, f.options(w))
	if err != nil {
		return nil, homeTrouble(err)
	}
	return h, nil
}

func (f *homeFlags) options(w *world) vault.HomeOptions {
	return vault.HomeOptions{
		Passphrase: func() (string, error) { return f.passphrase(w, "Passphrase of the keys: ") },
		Now:        w.now,
		Clock:      "this computer's clock, not compared with another",
		Tool:       "arasha " + version,
		ClockBack:  f.ClockNote,
	}
}

// passphrase returns what protects the keys, from where the person keeps it.
// There is no default.
func (f *homeFlags) passphrase(w *world, prompt string) (string, error) {
	return askSecret(w, f.PassphraseFile, "ARASHA_PASSPHRASE", prompt)
}

// askSecret returns a passphrase: the first line of file, the variable, or
// what is typed at the terminal; "" when there is none. It is never an option:
// every process of the computer can read those.
func askSecret(w *world, file, variable, prompt string) (string, error) {
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(b), "\n")
		return strings.TrimSuffix(line, "\r"), nil
	}
	if p := os.Getenv(variable); p != "" {
		return p, nil
	}
	in, ok := w.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", nil
	}
	fmt.Fprint(w.err, prompt)
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(w.err)
	return string(b), err
}

// homeTrouble says in one sentence what is wrong with a home and what to do.
func homeTrouble(err error) error {
	var e *exitError
	if err == nil || errors.As(err, &e) {
		return err
	}
	hint := ""
	switch {
	case errors.Is(err, vault.ErrNoHome):
		hint = "\"arasha init --home DIR\" makes one."
	case errors.Is(err, vault.ErrPassphrase):
		hint = "Give it by --passphrase-file, ARASHA_PASSPHRASE or at the prompt. Nothing was written."
	case errors.Is(err, vault.ErrLoose):
		hint = "Change that, and think about who may have read it: \"arasha evidence key --help\"."
	case errors.Is(err, disk.ErrLocked):
		hint = "Wait until the other command is done and try again. Nothing was written."
	case errors.Is(err, evidence.ErrClockBack):
		hint = "Set the clock and try again. If it is right now and was wrong before, say so with --clock-note. Nothing was logged."
	case errors.Is(err, evidence.ErrReplayed), errors.Is(err, evidence.ErrTruncated), errors.Is(err, evidence.ErrRewritten):
		hint = "Do not write to this home. Copy it as it is, bring back log/ from a backup, and compare both with the checkpoints your witnesses and authorities saw."
	case errors.Is(err, vault.ErrChanged):
		hint = "Do not repair it. Copy the file as it is, and bring the right one back from a backup: its SHA-256 says which one is right."
	case errors.Is(err, vault.ErrSealed):
		hint = "Somebody it is sealed to must open it."
	case errors.Is(err, vault.ErrAbsent):
		hint = "\"arasha evidence list\" shows what is kept."
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG):
		hint = "The disk is full. Nothing that was confirmed before is lost; make room and try again."
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		hint = "This place cannot be written to. Nothing that was confirmed before is lost."
	}
	return cannotTell(hint, "%s", plainWords(err))
}

// fileFound describes a file on the disk for the vault.
func fileFound(path string) (vault.Found, error) {
	info, err := os.Stat(path)
	if err != nil {
		return vault.Found{}, cannotTell("", "%v", err)
	}
	if !info.Mode().IsRegular() {
		return vault.Found{}, cannotTell("Name the files themselves.", "%s is not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return vault.Found{}, cannotTell("", "%v", err)
	}
	defer f.Close()
	head, _ := bufio.NewReaderSize(f, 512).Peek(512)
	return vault.Found{
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
		Item: evidence.Item{Name: filepath.Base(path), Media: http.DetectContentType(head)},
	}, nil
}

// keepOriginal puts the file an import was read from into the home, so that
// every post can cite it. The same file is kept once, however often it comes.
func keepOriginal(h *vault.Home, path string, a actorFlags) (vault.Kept, error) {
	f, err := fileFound(path)
	if err != nil {
		return vault.Kept{}, err
	}
	f.Item.What = "export"
	f.Collector, f.From = a.Collector, a.From
	kept, err := h.KeepOnce(f)
	return kept, homeTrouble(err)
}
