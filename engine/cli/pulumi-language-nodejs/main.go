// pulumi-language-nodejs is the Node.js language host of an engine built from modules: upstream's own is not obtainable
// as a Go module. It runs programs with the `node` that PATH names, in the way of @pulumi/pulumi's `cmd/run`.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// exitAlreadyReported is the exit code with which @pulumi/pulumi says that the user has read the error already
// (sdk/nodejs/cmd/run/run.ts).
const exitAlreadyReported = 32

// healthCheckInterval is how often the host looks whether the engine still lives, to end with it.
const healthCheckInterval = 5 * time.Minute

func main() {
	// The engine passes flags that only upstream's host uses; unknown ones must not stop this one.
	flag.String("tracing", "", "ignored")
	flag.String("root", "", "ignored")
	flag.Parse()

	engine := ""
	if flag.NArg() > 0 {
		engine = flag.Arg(0)
	}
	host := &languageHost{engine: engine}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := make(chan bool)
	go func() { <-ctx.Done(); close(stop) }()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, healthCheckInterval, cancel); err != nil {
			cmdutil.Exit(fmt.Errorf("could not start a health check of the engine: %w", err))
		}
	}

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		cmdutil.Exit(fmt.Errorf("could not serve the language host: %w", err))
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		cmdutil.Exit(err)
	}
}

type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func (h *languageHost) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = request.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages announces none: the SDKs name their plugin with each resource, and here plugins are installed
// before the engine runs.
func (h *languageHost) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *languageHost) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	out, err := exec.Command(node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(out))}, nil
}

// Run runs the program to its end. What it prints is the user's to read, so it goes to this process's own streams,
// which the engine shows.
func (h *languageHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	directory := request.GetInfo().GetProgramDirectory()
	if directory == "" {
		directory = request.GetPwd()
	}
	runner, err := findRunner(directory, "run")
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	configuration, err := configurationOf(request.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}

	command := exec.CommandContext(ctx, "node", h.arguments(runner, request)...)
	command.Dir = request.GetPwd()
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(),
		"PULUMI_CONFIG="+configuration,
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(usesTypeScript(request)),
	)
	return responseTo(command.Run()), nil
}

func (h *languageHost) arguments(runner string, request *pulumirpc.RunRequest) []string {
	arguments := []string{}
	if options := request.GetInfo().GetOptions(); options != nil {
		if nodeArguments, ok := options.AsMap()["nodeargs"].(string); ok {
			arguments = append(arguments, strings.Fields(nodeArguments)...)
		}
	}
	arguments = append(arguments, runner,
		"--monitor", request.GetMonitorAddress(),
		"--engine", h.engine,
		"--project", request.GetProject(),
		"--stack", request.GetStack(),
		"--pwd", request.GetPwd(),
		"--parallel", strconv.Itoa(int(request.GetParallel())),
	)
	if organization := request.GetOrganization(); organization != "" {
		arguments = append(arguments, "--organization", organization)
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	entryPoint := request.GetInfo().GetEntryPoint()
	if entryPoint == "" {
		entryPoint = "."
	}
	return append(append(arguments, entryPoint), request.GetArgs()...)
}

// usesTypeScript is the runtime option `typescript` of Pulumi.yaml, true by default.
func usesTypeScript(request *pulumirpc.RunRequest) bool {
	if options := request.GetInfo().GetOptions(); options != nil {
		if chosen, ok := options.AsMap()["typescript"].(bool); ok {
			return chosen
		}
	}
	return true
}

// findRunner looks for a command of @pulumi/pulumi from the program's folder upwards, as node does.
func findRunner(directory, command string) (string, error) {
	for folder := directory; ; folder = filepath.Dir(folder) {
		runner := filepath.Join(folder, "node_modules", "@pulumi", "pulumi", "cmd", command)
		if _, err := os.Stat(runner); err == nil {
			return runner, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("the Pulumi SDK for Node.js was not found in or above %s: run `npm ci` there", directory)
		}
	}
}

// configurationOf gives the configuration in the form `namespace:config:name`, which every SDK version reads.
func configurationOf(values map[string]string) (string, error) {
	configuration := map[string]string{}
	for text, value := range values {
		key, err := config.ParseKey(text)
		if err != nil {
			return "", err
		}
		configuration[key.Namespace()+":config:"+key.Name()] = value
	}
	encoded, err := json.Marshal(configuration)
	return string(encoded), err
}

func responseTo(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("could not run node: %v", err)}
	}
}
