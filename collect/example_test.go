package collect_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/post"
)

// A Collection streams the posts of files of any form; Stdin stands here for
// a file.
func ExampleCollection() {
	c := &collect.Collection{
		Stdin: strings.NewReader("Ссылка;Дата;Текст\nhttps://t.me/qala/1;28.04.2020;Откуда деньги?\n"),
		Post: func(p *post.Post) error {
			fmt.Println(p.URL, p.Time, p.Text)
			return nil
		},
	}
	found, err := c.Read(context.Background(), "-")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Posts, "post;", found.Notes[0])
	// Output:
	// https://t.me/qala/1 2020-04-28 Откуда деньги?
	// 1 post; times state no zone: UTC was assumed; name the true one with --zone
}
