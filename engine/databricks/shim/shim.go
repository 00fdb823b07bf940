// Package shim exports the upstream provider's SDKv2 half. Upstream keeps it in an internal package, which Go lets
// only modules below upstream's own path import; this module's path is one.
package shim

import (
	"github.com/databricks/terraform-provider-databricks/common"
	"github.com/databricks/terraform-provider-databricks/internal/providers/sdkv2"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// Provider returns the real upstream databricks provider.
func Provider() *schema.Provider {
	return sdkv2.DatabricksProvider()
}

// UpstreamVersion is the release of terraform-provider-databricks that this plugin bridges.
func UpstreamVersion() string {
	return common.Version()
}
