//go:build tools

// Package engine pins the Pulumi engine: go.mod names its released module, go.sum its contents.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
