using System.Diagnostics;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>The scripts, run by their shells with the command of this build.</summary>
public class CompletionTests
{
    [TestCase("ctc plug", ExpectedResult = "plugins")]
    [TestCase("ctc plugins ", ExpectedResult = "check list show")]
    [TestCase("ctc run configs/plain.yaml --fr", ExpectedResult = "--fresh")]
    [TestCase("ctc run configs/pl", ExpectedResult = "")] // bash's own rules complete the file
    [TestCase("ctc completion ", ExpectedResult = "bash fish powershell zsh")]
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
        return Printed("/bin/bash", "--norc", "-c", commands);
    }

    [TestCase("ctc plug", ExpectedResult = "plugins")]
    [TestCase("ctc plugins ", ExpectedResult = "check list show")]
    [TestCase("ctc run configs/plain.yaml --fr", ExpectedResult = "--fresh")]
    [Category("Slow")]
    public string PowerShell_completes(string line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("script.ps1"), CtcInProcess.Run("completion", "powershell").Output);
        string commands =
            $$"""
            function ctc { dotnet '{{CtcCommand.Dll}}' @args }
            . '{{folder.In("script.ps1")}}'
            [string]::Join(' ', (TabExpansion2 '{{line}}' {{line.Length}}).CompletionMatches.CompletionText)
            """;
        try
        {
            return Printed("pwsh", "-NoProfile", "-NonInteractive", "-Command", commands);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("needs pwsh");
            throw;
        }
    }

    // What can be said of the text where there is no PowerShell.
    [Test]
    public void The_script_for_PowerShell_is_closed_and_asks_the_command()
    {
        string script = CtcInProcess.Run("completion", "powershell").Output;
        Assert.That(script, Does.Contain("Register-ArgumentCompleter -Native -CommandName ctc "));
        Assert.That(script, Does.Contain("ctc \"[suggest:$position]\" \"$line\""));
        foreach ((char open, char close) in new[] { ('{', '}'), ('(', ')'), ('[', ']') })
        {
            Assert.That(script.Count(c => c == open), Is.EqualTo(script.Count(c => c == close)), $"{open}{close}");
        }
    }

    private static string Printed(string program, params string[] arguments)
    {
        using Process shell = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string printed = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return printed.TrimEnd('\r', '\n');
    }
}
