namespace Ctc;

/// <summary>Tasks for a scheduler: the same command for each, with an order of its own.</summary>
public sealed class JobArray
{
    /// <summary>
    /// The exit code of a task that ended early after the signal SIGUSR1, which warns of a time limit. Its progress is saved, and the same task is
    /// to be started again.
    /// </summary>
    public const int ContinueCode = 75;

    /// <summary>Describes tasks.</summary>
    /// <param name="name">A name for the job: lower-case letters, digits and + . _ -.</param>
    /// <param name="folder">The absolute path of the folder of the orders.</param>
    /// <param name="command">The program, by its full path, and its arguments; the order of the task comes after them.</param>
    /// <param name="count">The number of tasks, 1 or more. They are numbered from 0.</param>
    /// <exception cref="ArgumentException">There is no task, or the command is empty.</exception>
    public JobArray(string name, string folder, IReadOnlyList<string> command, int count)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (command.Count == 0) throw new ArgumentException("The command is empty; expected a program.", nameof(command));
        (Name, Folder, Command, Count) = (name, folder, [.. command], count);
    }

    /// <summary>Gets a name for the job.</summary>
    public string Name { get; }

    /// <summary>Gets the absolute path of the folder of the orders. A launcher may write there too, such as the output of the tasks.</summary>
    public string Folder { get; }

    /// <summary>Gets the program and its arguments, before the order of the task.</summary>
    public IReadOnlyList<string> Command { get; }

    /// <summary>Gets the number of tasks.</summary>
    public int Count { get; }

    /// <summary>Gets the number of threads of a task.</summary>
    /// <value>1 or more; the default is 1.</value>
    public int Threads { get; init; } = 1;

    /// <summary>Gets the device that the tasks compute on.</summary>
    /// <value>cpu or cuda; the default is cpu.</value>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets how many tasks may run at the same time.</summary>
    /// <value>1 or more; null, the default, for as many as the scheduler starts.</value>
    public int? Parallel { get; init; }

    /// <summary>Returns the path of the order of a task, the last argument of its command.</summary>
    /// <param name="task">The number of the task, or a variable of a shell that holds it.</param>
    /// <returns>An absolute path.</returns>
    public string OrderOf(string task) => Path.Combine(Folder, task + ".json");

    /// <summary>Returns the path for the output of a task: who looks for the cause of a failure finds it there.</summary>
    /// <param name="task">The number of the task, or what the scheduler replaces by it.</param>
    /// <returns>An absolute path.</returns>
    public string LogOf(string task) => Path.Combine(Folder, task + ".log");
}
