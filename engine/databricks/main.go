// pulumi-resource-databricks serves the real terraform-provider-databricks through Pulumi's Terraform bridge, for
// machines that cannot download the released plugin.
package main

import (
	"github.com/databricks/terraform-provider-databricks/shim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// version is the plugin's version, set at link time to the one that @pulumi/databricks asks for.
var version string

func main() {
	provider := tfbridge.ProviderInfo{
		P:              shimv2.NewProvider(shim.Provider()),
		Name:           "databricks",
		Version:        version,
		ResourcePrefix: "databricks",
	}
	provider.MustComputeTokens(tokens.SingleModule("databricks_", "index", tokens.MakeStandard("databricks")))
	tfbridge.Main("databricks", version, provider, []byte("{}"))
}
