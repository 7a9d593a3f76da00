// Reads a configuration of Grafana Alloy with Alloy's own parser, and writes it as `alloy fmt` does.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile("config.alloy", source)
	if err != nil {
		return err
	}
	if err := printer.Fprint(os.Stdout, file); err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout)
	return err
}
