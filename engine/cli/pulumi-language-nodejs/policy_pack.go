package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"

	pulumisdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a policy pack, the one kind of plugin written for Node.js that the project has. It does so as upstream's
// host does: with the pack's folder as the working directory, and with the stack's configuration in the environment,
// which the SDK's proxy gets from the engine before the pack starts.
func (h *languageHost) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if request.GetKind() != string(apitype.AnalyzerPlugin) {
		return fmt.Errorf("a plugin of kind %q cannot be run by an engine built from modules", request.GetKind())
	}
	ctx := server.Context()
	folder := request.GetInfo().GetProgramDirectory()
	runner, err := findRunner(folder, "run-policy-pack")
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	proxy, stdout, err := pulumisdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return fmt.Errorf("could not start the policy pack's proxy: %w", err)
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return fmt.Errorf("could not get the stack's configuration for the policy pack: %w", err)
	}
	variables, err := stackVariables(stack)
	if err != nil {
		return err
	}

	arguments := append(append([]string{runner}, request.GetArgs()...), folder)
	command := exec.CommandContext(ctx, "node", arguments...)
	command.Dir = folder
	command.Env = append(request.GetEnv(), variables...)
	command.Stdout, command.Stderr = stdout, stderr
	if err := command.Start(); err != nil {
		return fmt.Errorf("could not run node: %w", err)
	}
	var exit *exec.ExitError
	if err := proxy.Attach(ctx, command); errors.As(err, &exit) {
		return fmt.Errorf("the policy pack in %s ended with exit code %d", filepath.Base(folder), exit.ExitCode())
	} else if err != nil {
		return fmt.Errorf("could not attach to the policy pack in %s: %w", filepath.Base(folder), err)
	}
	return nil
}

// stackVariables tells the SDK in the pack's process which stack is checked, and its configuration. It is absent where no
// stack is, when a pack is published for instance.
func stackVariables(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	configuration, err := configurationOf(stack.GetConfig())
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_NODEJS_ORGANIZATION=" + stack.GetOrganization(),
		"PULUMI_NODEJS_PROJECT=" + stack.GetProject(),
		"PULUMI_NODEJS_STACK=" + stack.GetStack(),
		"PULUMI_NODEJS_DRY_RUN=" + strconv.FormatBool(stack.GetDryRun()),
		"PULUMI_CONFIG=" + configuration,
	}, nil
}
