using System.Diagnostics;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>The script for bash, run by bash with the command of this build.</summary>
public class CompletionTests
{
    [TestCase("ctc plug", ExpectedResult = "plugins")]
    [TestCase("ctc plugins ", ExpectedResult = "check list show")]
    [TestCase("ctc run configs/plain.yaml --fr", ExpectedResult = "--fresh")]
    [TestCase("ctc run configs/pl", ExpectedResult = "")] // bash's own rules complete the file
    [TestCase("ctc completion ", ExpectedResult = "bash fish zsh")]
    [Category("Slow")]
    public string Bash_completes(string line)
    {
        if (!File.Exists("/bin/bash")) Assert.Ignore("needs bash");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("script"), CtcInProcess.Run("completion", "bash").Output);
        string words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        string commands =
            $$"""
            ctc() { dotnet '{{CtcCommand.Dll}}' "$@"; }
            . '{{folder.In("script")}}'
            COMP_LINE='{{line}}' COMP_POINT=${#COMP_LINE} COMP_WORDS=({{words}}) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMP_POINT=${#COMP_LINE}
            _ctc
            echo "${COMPREPLY[@]}"
            """;
        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-c", commands]) { RedirectStandardOutput = true })!;
        string completed = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return completed.TrimEnd('\n');
    }
}
