package appeal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"gopkg.in/yaml.v3"
)

// An Organisation is the settings file that says who sends an appeal
// (docs/formats/organisation.md). It is YAML; JSON is YAML too.
type Organisation struct {
	Name      string                  `yaml:"name"`
	Line      string                  `yaml:"line"`       // what the organisation is, below the name
	Address   []string                `yaml:"address"`    // lines
	Logo      string                  `yaml:"logo"`       // a PNG file beside this one
	CheckCopy string                  `yaml:"check_copy"` // where a reader can check a copy
	Languages map[string]Organisation `yaml:"languages"`  // what is different in a language: "ru"

	logo []byte
}

// MaxLogo is the largest logo that is read, in bytes.
const MaxLogo = 1 << 20

// ReadOrganisation reads the settings. open returns the bytes of a file that
// stands beside them; it is asked only for the logo. An unknown key is an
// error: it would be a silent loss.
func ReadOrganisation(data []byte, open func(name string) ([]byte, error)) (*Organisation, error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	var o Organisation
	if err := d.Decode(&o); errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	} else if err != nil {
		return nil, fmt.Errorf("not settings of an organisation: %w", err)
	}
	if strings.TrimSpace(o.Name) == "" {
		return nil, errors.New("the settings give no name of the organisation")
	}
	for lang, l := range o.Languages {
		if l.Logo != "" || l.Languages != nil {
			return nil, fmt.Errorf("languages.%s: a language may change name, line, address and check_copy only", lang)
		}
	}
	if o.Logo == "" {
		return &o, nil
	}
	if strings.ContainsAny(o.Logo, `/\`) {
		return nil, fmt.Errorf("logo %q: give the name of a file that stands beside the settings", o.Logo)
	}
	b, err := open(o.Logo)
	if err != nil {
		return nil, fmt.Errorf("logo: %w", err)
	}
	switch {
	case len(b) > MaxLogo:
		return nil, fmt.Errorf("logo: %s has more than %d kB", o.Logo, MaxLogo>>10)
	case http.DetectContentType(b) != "image/png":
		return nil, fmt.Errorf("logo: %s is not a PNG picture", o.Logo)
	}
	o.logo = b
	return &o, nil
}

// Letterhead returns what stands above an appeal in a language.
func (o *Organisation) Letterhead(lang string) Letterhead {
	l := Letterhead{Name: o.Name, Line: o.Line, Address: o.Address, Logo: o.logo}
	p, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if x, ok := o.Languages[p]; ok {
		if x.Name != "" {
			l.Name = x.Name
		}
		if x.Line != "" {
			l.Line = x.Line
		}
		if x.Address != nil {
			l.Address = x.Address
		}
	}
	return l
}

// Check returns where a reader can check a copy, in a language.
func (o *Organisation) Check(lang string) string {
	p, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if x, ok := o.Languages[p]; ok && x.CheckCopy != "" {
		return x.CheckCopy
	}
	return o.CheckCopy
}
