using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Doctor;

/// <summary><c>ctc doctor [--json]</c>: whether experiments can run here, and if not, the cause and the fix.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of lines." };
        var command = new Command("doctor", "Checks whether experiments can run here; if not, prints the cause and the fix.") { json };
        command.SetAction(parsed =>
        {
            Finding libtorch = Libtorch();
            Finding[] findings = [System(), libtorch, .. libtorch.Ok ? [Arithmetic(), Gpu()] : Array.Empty<Finding>(), .. Plugins()];
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { Ok = findings.All(finding => finding.Ok), findings }, CommandJson.Page));
            }
            else
            {
                foreach (Finding finding in findings)
                {
                    Console.WriteLine($"{(finding.Ok ? "ok  " : "FAIL")}  {finding.Check,-10} {finding.Found}");
                    if (finding.Mend is not null) Console.WriteLine($"      {"",-10} {finding.Mend}");
                }
            }

            return findings.All(finding => finding.Ok) ? ExitCode.Done : ExitCode.WorkFailed;
        });
        return command;
    }

    private static Finding System()
    {
        string machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores";
        return new("system", true, $"{machine}, .NET {Environment.Version}", null);
    }

    private static Finding Libtorch()
    {
        (string found, string? mend) = Libtorch.Load();
        return new("libtorch", mend is null, found, mend);
    }

    private static Finding Arithmetic()
    {
        using Tensor ones = torch.ones(3);
        using Tensor sum = ones.sum();
        string said = $"libtorch {torch.__version__} says 1 + 1 + 1 = {sum.item<float>()}, with {torch.get_num_threads()} threads";
        return new("arithmetic", sum.item<float>() == 3f, said, null);
    }

    private static Finding Gpu() => torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available()
        ? new("gpu", true, $"{torch.cuda.device_count()} by CUDA", null)
        : new("gpu", true, "none; experiments run on the CPU", null);

    private static IEnumerable<Finding> Plugins()
    {
        IReadOnlyList<Plugin> found = PluginCatalog.Discover(PluginSearch.Places([])).Plugins;
        if (found.Count == 0)
        {
            string mend = $"Build src/Ctc.Cli, which puts them into the folder plugins beside the command, or set folders in {PluginSearch.PathVariable}.";
            yield return new("plugins", false, "none was found", mend);
        }

        foreach (Plugin plugin in found)
        {
            yield return plugin.Problem is null
                ? new("plugin", true, $"{plugin.Name} {plugin.File!.Version}: {string.Join(", ", plugin.Parts.Select(part => part.Metadata.Name))}", null)
                : new("plugin", false, $"{plugin.Path}: {plugin.Problem}", "Report it to its author, or remove it.");
        }
    }

    private sealed record Finding(string Check, bool Ok, string Found, string? Mend);
}
