package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/arasha-org/arasha/evidence/backup"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store/sqlite"
)

// doctorCmd is "arasha doctor": whether everything is in order, and what to do
// where it is not.
type doctorCmd struct {
	Home string `env:"ARASHA_HOME" placeholder:"DIR" help:"The home made by \"arasha init\"."`
	JSON bool   `help:"Print JSON."`
}

func (doctorCmd) Help() string {
	return `Looks at the disk, the clock, the keys, permissions, the log, the vault, the case files, the browser
and the age of the newest backup. It needs no passphrase, changes nothing, and asks nobody. It does
not read every kept byte; "arasha verify HOME" does.

Example
  arasha doctor --home evidence

Exit codes: 0 in order, or only warnings; 1 something is bad; 64 wrong use`
}

// The states of a checkup.
const (
	wellState = "ok"
	warnState = "warn"
	badState  = "bad"
)

// A checkup is one thing the doctor looked at.
type checkup struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"`
}

type doctor struct {
	home     string
	now      time.Time
	h        *vault.Home // nil when the home does not open
	checkups []checkup
}

func (d *doctor) say(name, state, do, format string, args ...any) {
	d.checkups = append(d.checkups, checkup{name, state, fmt.Sprintf(format, args...), do})
}

func (c *doctorCmd) Run(ctx context.Context, w *world) error {
	d := &doctor{home: c.Home, now: w.clock()}
	if c.Home == "" {
		d.say("home", warnState, "Give --home DIR or set ARASHA_HOME; \"arasha init\" makes one.", "none was named: only this computer was looked at")
	} else {
		d.openHome()
	}
	d.disk()
	if d.h != nil {
		d.clock()
		d.keys()
		d.permissions()
		d.log()
		d.vault()
		d.database(ctx)
	}
	d.browser()
	if d.h != nil {
		d.backup()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.tell(w, c.JSON)
}

func (d *doctor) tell(w *world, asJSON bool) error {
	worst := wellState
	for _, f := range d.checkups {
		if f.State == badState || f.State == warnState && worst == wellState {
			worst = f.State
		}
	}
	if asJSON {
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(struct {
			State  string    `json:"state"`
			Checks []checkup `json:"checks"`
		}{worst, d.checkups}); err != nil {
			return err
		}
	} else {
		for _, f := range d.checkups {
			fmt.Fprintf(w.out, "%-5s %-12s %s\n", f.State, f.Name, f.Text)
			if f.Do != "" {
				fmt.Fprintf(w.out, "%18s %s\n", "→", f.Do)
			}
		}
	}
	if worst == badState {
		return answerNo()
	}
	return nil
}

func (d *doctor) openHome() {
	h, err := vault.OpenHome(d.home, vault.HomeOptions{})
	if err != nil {
		var e *exitError
		errors.As(homeTrouble(err), &e)
		d.say("home", badState, e.hint, "%s", e.msg)
		return
	}
	d.h = h
	d.say("home", wellState, "", "%s, log %s", d.home, h.Name())
}

// The free space below which the doctor warns, and below which he is alarmed.
const (
	littleSpace = 2 << 30
	noSpace     = 100 << 20
)

func (d *doctor) disk() {
	dir := d.home
	if d.h == nil {
		dir = "."
	}
	free, err := disk.Free(dir)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		d.say("disk", badState, "", "its free space cannot be told: %v", err)
	case free < noSpace:
		d.say("disk", badState, "Make room at once: what cannot be written is not kept.", "%d MB free", free>>20)
	case free < littleSpace:
		d.say("disk", warnState, "Make room, or take a larger disk.", "%d MB free", free>>20)
	default:
		d.say("disk", wellState, "", "%.1f GB free", float64(free)/(1<<30))
	}
	if d.h == nil {
		return
	}
	p, err := disk.NewPending(dir)
	if err == nil {
		defer p.Discard()
		if _, err = p.Write(make([]byte, 4096)); err == nil {
			err = p.Sync()
		}
	}
	if err != nil {
		d.say("writing", badState, "Mount it for writing, or copy the home to a good disk.", "a test file cannot be written: %v", err)
		return
	}
	info, err := p.Stat()
	if err == nil && time.Until(info.ModTime()).Abs() > 2*time.Minute {
		d.say("writing", warnState, "Set the clock of whichever is wrong.", "a test file was written, but the disk dates it %s, apart from this computer's clock", info.ModTime().UTC().Format(time.DateTime))
		return
	}
	d.say("writing", wellState, "", "a test file was written and brought to the disk")
}

func (d *doctor) clock() {
	last := d.h.Log.Head().Time
	now := d.now.UTC().Format("2006-01-02 15:04:05 UTC")
	switch behind := last.Sub(d.now); {
	case behind > 5*time.Second:
		d.say("clock", badState, "Set this computer's clock; nothing can be logged before. If it is right now and was wrong before, say so with --clock-note.",
			"%s is %s behind the newest signed state of the log", now, behind.Round(time.Second))
	case d.now.Sub(last) > 2*365*24*time.Hour:
		d.say("clock", warnState, "Compare it with another clock.", "%s is more than two years after the newest signed state of the log", now)
	default:
		d.say("clock", wellState, "", "%s, after the newest signed state of the log", now)
	}
}

func (d *doctor) keys() {
	for _, k := range []struct{ file, can, lost string }{
		{"log.key", "sign the log", "Bring it back from your copy of keys/, or see \"arasha evidence key lost --help\"."},
		{"seal.key", "open the records", "Bring it back from your copy of keys/."},
	} {
		path := filepath.Join(d.home, "keys", k.file)
		_, plain := os.Stat(path)
		_, sealed := os.Stat(path + ".age")
		switch {
		case sealed == nil:
			d.say("keys", wellState, "", "%s is there, under a passphrase", k.file)
		case plain == nil:
			d.say("keys", warnState, "Encrypt the disk; whoever copies keys/ can "+k.can+" in your name.", "%s is there, and no passphrase protects it", k.file)
		default:
			d.say("keys", badState, k.lost, "%s is missing: this home cannot %s", k.file, k.can)
		}
	}
}

// permissions looks for what others on this computer may read.
func (d *doctor) permissions() {
	if runtime.GOOS == "windows" {
		d.say("permissions", warnState, "Keep the home in a folder of your own account.", "not looked at on Windows")
		return
	}
	loose, secret := 0, ""
	first := ""
	err := filepath.WalkDir(d.home, func(path string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(d.home, path)
		if err != nil || rel == "log" || rel == filepath.Join("vault", "objects") {
			if err == nil {
				return fs.SkipDir // public, or behind the folder of the home
			}
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 == 0 {
			return nil
		}
		loose++
		if first == "" {
			first = rel
		}
		if !e.IsDir() && backup.SecretKey(filepath.ToSlash(rel)) && secret == "" {
			secret = rel
		}
		return nil
	})
	switch {
	case err != nil:
		d.say("permissions", badState, "", "%v", err)
	case secret != "":
		d.say("permissions", badState, "chmod 600 it, and think about who may have read it: \"arasha evidence key --help\".", "other users of this computer may read %s", secret)
	case loose > 0:
		d.say("permissions", warnState, "chmod -R go= "+d.home, "other users of this computer may reach %d files and folders, such as %s", loose, first)
	default:
		d.say("permissions", wellState, "", "nobody else on this computer can read the home")
	}
}

func (d *doctor) log() {
	faults, first := 0, ""
	for err := range d.h.Log.Check() {
		if faults++; first == "" {
			first = err.Error()
		}
	}
	size := d.h.Log.Head().Size
	if faults > 0 {
		d.say("log", badState, "Do not write to this home. Copy it as it is, and bring log/ back from a backup.", "%d faults in %d leaves; the first: %s", faults, size, first)
		return
	}
	d.say("log", wellState, "", "%d leaves, every hash and signature holds", size)
}

func (d *doctor) vault() {
	list, err := os.ReadFile(filepath.Join(d.home, "vault", "stored.sha256"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.say("vault", badState, "", "%v", err)
		return
	}
	n, missing, first := 0, 0, ""
	for line := range strings.Lines(string(list)) {
		_, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			continue
		}
		n++
		if _, err := os.Stat(filepath.Join(d.home, "vault", filepath.FromSlash(name))); err != nil {
			if missing++; first == "" {
				first = name
			}
		}
	}
	left, _ := os.ReadDir(filepath.Join(d.home, "vault", "tmp"))
	switch {
	case missing > 0:
		d.say("vault", badState, "Bring them back from a backup: the SHA-256 says which are right.", "%d of %d kept files are missing, such as %s", missing, n, first)
	case len(left) > 0:
		d.say("vault", warnState, "When nothing is being written, the files in vault/tmp can be removed.", "%d kept files are there; %d files in vault/tmp were never finished", n, len(left))
	default:
		d.say("vault", wellState, "", "%d kept files are there; \"arasha verify\" reads their bytes", n)
	}
}

func (d *doctor) database(ctx context.Context) {
	if _, err := os.Stat(filepath.Join(d.home, sqlite.File)); errors.Is(err, fs.ErrNotExist) {
		d.say("case files", wellState, "", "none yet")
		return
	}
	health, err := sqlite.Check(ctx, d.home)
	const do = "Do not write to it. Bring it back from a backup."
	switch {
	case err != nil:
		d.say("case files", badState, do, "%s cannot be read: %s", sqlite.File, plainWords(err))
	case len(health.Wrong) > 0:
		d.say("case files", badState, do, "%s has %d faults; the first: %s", sqlite.File, len(health.Wrong), health.Wrong[0])
	case health.Waiting > 0:
		d.say("case files", warnState, "Any command that writes to the case files enters them; what keeps the log from being written stands above.",
			"%s is sound; records that wait for the evidence log since %s: %d", sqlite.File, health.Since.UTC().Format("2006-01-02 15:04 UTC"), health.Waiting)
	default:
		d.say("case files", wellState, "", "%s is sound, its audit unbroken", sqlite.File)
	}
}

func (d *doctor) browser() {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			d.say("browser", wellState, "", "%s", path)
			return
		}
	}
	d.say("browser", warnState, "Install Chromium if you want to capture pages; nothing else needs it.", "Chromium was not found")
}

// oldBackup is how old the newest backup may be without a word.
const oldBackup = 7 * 24 * time.Hour

func (d *doctor) backup() {
	last, ok, err := backup.LastOf(d.home)
	const do = "arasha backup --home HOME --to FILE.age, best to a disk that is kept elsewhere."
	switch age := d.now.Sub(last.Made); {
	case err != nil:
		d.say("backup", warnState, do, "when the last one was made cannot be told: %v", err)
	case !ok:
		d.say("backup", warnState, do, "none was ever made of this home")
	case age > oldBackup:
		d.say("backup", warnState, do, "the newest is %d days old; the log has grown by %d leaves since", int(age.Hours()/24), d.h.Log.Head().Size-last.Leaves)
	default:
		d.say("backup", wellState, "", "made %s, %d leaves; %d since", last.Made.UTC().Format("2006-01-02 15:04 UTC"), last.Leaves, d.h.Log.Head().Size-last.Leaves)
	}
}
