using System.Globalization;
using System.Text;

namespace Ctc.Comparisons.Sweeps.Slurm;

/// <summary>The batch script of a job array. Its tasks save their progress before the time limit, and are queued again.</summary>
/// <remarks>Source: the manual pages sbatch(1) and scontrol(1) of Slurm.</remarks>
internal static class SlurmScript
{
    private const string Task = "$SLURM_ARRAY_TASK_ID";

    /// <summary>Composes the script.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="options">The options of the launcher.</param>
    /// <returns>The text of a bash script, with <c>#SBATCH</c> lines.</returns>
    /// <exception cref="InvalidDataException">GPUs are asked for, and the runs compute on the CPU.</exception>
    public static string Compose(JobArray tasks, SlurmOptions options)
    {
        if (options.Gpus.Length > 0 && tasks.Device == "cpu")
        {
            throw new InvalidDataException(
                $"sweep.launcher.slurm.gpus is {options.Gpus}, and the runs compute on the cpu; expected device: cuda in the experiment, because " +
                "auto is decided on the machine that submits.");
        }

        var text = new StringBuilder("#!/bin/bash\n");
        void Directive(string name, string value)
        {
            if (value.Length > 0) text.Append(CultureInfo.InvariantCulture, $"#SBATCH --{name}={value}\n");
        }

        int threads = options.Threads ?? tasks.Threads;
        Directive("job-name", tasks.Name);
        Directive("array", $"0-{tasks.Count - 1}{(tasks.Parallel is { } most ? $"%{most}" : "")}");
        Directive("chdir", $"\"{tasks.Folder}\"");
        Directive("output", Path.GetFileName(tasks.LogOf("%a")));
        text.Append("#SBATCH --open-mode=append\n#SBATCH --requeue\n#SBATCH --nodes=1\n#SBATCH --ntasks=1\n");
        Directive("cpus-per-task", $"{threads}");
        Directive("time", options.Time);
        Directive("mem", options.Memory);
        Directive("partition", options.Partition);
        Directive("gres", options.Gpus.Length > 0 ? $"gpu:{options.Gpus}" : "");
        Directive("signal", $"B:USR1@{options.Notice}");
        foreach (string directive in options.Directives) text.Append(CultureInfo.InvariantCulture, $"#SBATCH {directive}\n");
        text.Append('\n');
        foreach (string line in options.Setup) text.Append(line).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"export OMP_NUM_THREADS={threads} MKL_NUM_THREADS={threads} DOTNET_DbgEnableMiniDump=0\n");
        string order = Quoted(tasks.OrderOf(Task)).Replace(Task, $"'\"{Task}\"'", StringComparison.Ordinal);
        text.Append(string.Create(CultureInfo.InvariantCulture, $$"""
            trap 'told=1; kill -USR1 $!' USR1
            {{string.Join(' ', tasks.Command.Select(Quoted))}} {{order}} &
            # The signal interrupts wait.
            while told=; wait $!; code=$?; [ -n "$told" ]; do :; done
            if [ "$code" -eq {{JobArray.ContinueCode}} ]; then scontrol requeue "$SLURM_JOB_ID"; fi
            exit "$code"

            """).ReplaceLineEndings("\n"));
        return text.ToString();
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
