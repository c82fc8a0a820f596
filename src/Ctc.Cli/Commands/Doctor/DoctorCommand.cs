using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Cli.Commands.Cache;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Texts;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands.Doctor;

/// <summary><c>ctc doctor [--json]</c>: whether experiments can run here, and if not, the cause and the fix.</summary>
internal static class DoctorCommand
{
    public static Command Build(CommandServices services)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of lines." };
        var command = new Command("doctor", "Checks whether experiments can run here; if not, prints the cause and the fix.") { json };
        command.SetAction(parsed =>
        {
            Finding libtorch = CheckLibtorch();
            Finding[] computing = libtorch.Ok ? [CheckArithmetic(), CheckGpu()] : [];
            PluginCatalog plugins = services.Provide().GetRequiredService<PluginCatalog>();
            Finding[] findings = [CheckSystem(), libtorch, .. computing, CheckCache(), .. CheckPlugins(plugins)];
            if (parsed.GetValue(json))
            {
                Output.WriteLine(JsonSerializer.Serialize(new { Ok = findings.All(finding => finding.Ok), findings }, CommandJson.Page));
            }
            else
            {
                foreach (Finding finding in findings)
                {
                    Output.WriteLine($"{(finding.Ok ? "ok  " : "FAIL")}  {finding.Check,-10} {Printable.Line(finding.Found)}");
                    if (finding.Fix is not null) Output.WriteLine($"      {"",-10} {finding.Fix}");
                }
            }

            return findings.All(finding => finding.Ok) ? ExitCode.Done : ExitCode.WorkFailed;
        });
        return command;
    }

    private static Finding CheckSystem()
    {
        string machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores";
        return new("system", true, $"{machine}, .NET {Environment.Version}", null);
    }

    private static Finding CheckLibtorch()
    {
        (string found, string? fix) = Libtorch.Load();
        return new("libtorch", fix is null, found, fix);
    }

    private static Finding CheckArithmetic()
    {
        using Tensor ones = torch.ones(3);
        using Tensor sum = ones.sum();
        string found = $"libtorch {torch.__version__} computes 1 + 1 + 1 = {sum.item<float>()}, with {torch.get_num_threads()} threads";
        return new("arithmetic", sum.item<float>() == 3f, found, null);
    }

    private static Finding CheckGpu() => torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available()
        ? new("gpu", true, $"{torch.cuda.device_count()} by CUDA", null)
        : new("gpu", true, "none; experiments run on the CPU", null);

    private static Finding CheckCache() => CacheFolder.Find() is not { } folder
        ? new("cache", true, $"none, because {CacheFolder.Variable} is none; features of images are computed each time that they are needed", null)
        : FeatureCache.Measure(folder) is (0, _)
            ? new("cache", true, $"{folder}: empty", null)
            : new("cache", true, $"{folder}: {CacheCommand.Size(FeatureCache.Measure(folder))}; ctc cache clear deletes it", null);

    private static IEnumerable<Finding> CheckPlugins(PluginCatalog catalog)
    {
        IReadOnlyList<Plugin> found = catalog.Plugins;
        if (found.Count == 0)
        {
            const string fix = "Build src/Ctc.Cli, which puts them into the folder plugins beside the command, "
                + $"or set folders in {CommandServices.PluginPathVariable}.";
            yield return new("plugins", false, "none was found", fix);
        }

        foreach (Plugin plugin in found)
        {
            string parts = string.Join(", ", plugin.Parts.Select(part => part.Metadata.Name));
            yield return plugin.Problem is null
                ? new("plugin", true, $"{plugin.Name} {plugin.File!.Version}: {parts}", null)
                : new("plugin", false, $"{plugin.Path}: {plugin.Problem}", "Report it to its author, or remove it.");
        }
    }

    private sealed record Finding(string Check, bool Ok, string Found, string? Fix);
}
