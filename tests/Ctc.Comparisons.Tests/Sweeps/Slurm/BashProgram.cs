namespace Ctc.Comparisons.Tests.Sweeps.Slurm;

/// <summary>A script of bash that can be started by its path.</summary>
internal static class BashProgram
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
