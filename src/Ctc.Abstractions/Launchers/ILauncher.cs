namespace Ctc;

/// <summary>Extension point: a scheduler, such as Slurm, that executes the runs of a sweep on other machines.</summary>
/// <remarks>
/// All machines have the folder of the sweep under the same path. A task writes its result, its checkpoints and the cause of its failure there, so
/// that a launcher needs to know nothing of runs: it hands tasks over, and reports which of them are still to come.
/// </remarks>
public interface ILauncher : IPart
{
    /// <summary>Checks that this machine can hand jobs over. Called before anything is written.</summary>
    /// <exception cref="InvalidDataException">There is no such scheduler here.</exception>
    void Require();

    /// <summary>Composes what <see cref="Submit"/> hands over, such as a script. It needs no scheduler.</summary>
    /// <param name="tasks">The tasks. Their folder need not exist.</param>
    /// <returns>Text for the user, the same for the same tasks.</returns>
    /// <exception cref="InvalidDataException">The options do not fit the tasks.</exception>
    string Describe(JobArray tasks);

    /// <summary>Hands tasks over and returns at once. The job goes on after the end of this process.</summary>
    /// <param name="tasks">The tasks. Their folder has an order for each.</param>
    /// <returns>The name of the job by which this and later processes refer to it.</returns>
    /// <exception cref="InvalidDataException">The job is refused, or the options do not fit the tasks.</exception>
    /// <exception cref="IOException">The scheduler does not answer.</exception>
    string Submit(JobArray tasks);

    /// <summary>Looks up tasks of a job.</summary>
    /// <param name="job">A name from <see cref="Submit"/>, perhaps of an earlier process.</param>
    /// <param name="tasks">The numbers of the tasks, from 0.</param>
    /// <returns>The states by number. Tasks that the scheduler does not know, or not any more, are missing.</returns>
    /// <exception cref="IOException">The scheduler does not answer.</exception>
    IReadOnlyDictionary<int, JobStatus> Find(string job, IReadOnlyCollection<int> tasks);

    /// <summary>Ends those tasks of a job that have not ended; nothing happens if all have, or if the scheduler does not know the job.</summary>
    /// <param name="job">A name from <see cref="Submit"/>, perhaps of an earlier process.</param>
    /// <exception cref="IOException">The scheduler does not answer.</exception>
    void Cancel(string job);
}
