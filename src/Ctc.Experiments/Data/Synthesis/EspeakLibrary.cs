using System.Runtime.InteropServices;
using System.Text;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>The library of espeak-ng, loaded and started. The functions and structures are those of espeak-ng/speak_lib.h.</summary>
/// <remarks>Its state is that of the process: there is one at a time.</remarks>
internal sealed class EspeakLibrary : IDisposable
{
    private const int Synchronous = 2, PhonemeEvents = 1, IpaNames = 2, DoesNotExit = 1 << 15;
    private const int Utf8 = 1, Characters = 1, EndOfEvents = 0, Phoneme = 7;

    private static readonly string[] Names = ["libespeak-ng.so.1", "libespeak-ng.1.dylib", "libespeak-ng.dll"];

    private readonly nint library;
    private readonly ReceiveSound receive; // held: the library keeps its address
    private readonly List<(string Name, int Sample)> begun = [];
    private readonly List<short> spoken = [];

    private EspeakLibrary(nint library)
    {
        this.library = library;
        receive = Receive;
        Rate = Function<Initialize>("espeak_Initialize")(Synchronous, 0, 0, PhonemeEvents | IpaNames | DoesNotExit);
        if (Rate <= 0)
        {
            NativeLibrary.Free(library);
            throw new InvalidDataException("espeak-ng does not start; expected its data too (Debian: apt-get install espeak-ng-data).");
        }

        if (!OperatingSystem.IsWindows()) SetSeed(1); // noise is drawn by rand of the C library, which outlives this one
        Function<SetCallback>("espeak_SetSynthCallback")(Marshal.GetFunctionPointerForDelegate(receive));
        Version = Marshal.PtrToStringUTF8(Function<Describe>("espeak_Info")(out nint data)) ?? "";
        DataFolder = Marshal.PtrToStringUTF8(data) ?? "";
    }

    private delegate int ReceiveSound(nint samples, int count, nint events);

    private delegate int Initialize(int output, int bufferLength, nint path, int options);

    private delegate void SetCallback(nint callback);

    private delegate int SetVoice([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    private delegate int Synthesize(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string text, nuint size, uint position, int positionType, uint end, uint flags, nint identifier,
        nint data);

    private delegate nint Describe(out nint path);

    private delegate int Terminate();

    /// <summary>Gets the samples a second.</summary>
    public int Rate { get; }

    /// <summary>Gets the version.</summary>
    public string Version { get; }

    /// <summary>Gets the folder of the data from which it speaks.</summary>
    public string DataFolder { get; }

    /// <summary>Loads and starts the library.</summary>
    /// <returns>Null if it is not installed.</returns>
    /// <exception cref="InvalidDataException">It does not start.</exception>
    public static EspeakLibrary? Load()
    {
        nint library = 0;
        const DllImportSearchPath system = DllImportSearchPath.SafeDirectories;
        bool isFound = Names.Any(name => NativeLibrary.TryLoad(name, typeof(EspeakLibrary).Assembly, system, out library));
        return isFound ? new EspeakLibrary(library) : null;
    }

    /// <summary>Chooses a voice.</summary>
    /// <param name="name">A language, perhaps with + and the name of a variant.</param>
    /// <returns>Whether there is such a voice.</returns>
    public bool TrySetVoice(string name)
    {
        // A variant that does not exist is passed over by the library.
        string[] parts = name.Split('+', 2);
        return (parts.Length == 1 || File.Exists(Path.Combine(DataFolder, "voices", "!v", parts[1])))
            && Function<SetVoice>("espeak_SetVoiceByName")(name) == 0;
    }

    /// <summary>Speaks a sentence.</summary>
    /// <returns>Its samples, and each phoneme with the sample at which it begins; null if it cannot be spoken.</returns>
    public (short[] Samples, IReadOnlyList<(string Name, int Sample)> Begun)? Speak(string sentence)
    {
        begun.Clear();
        spoken.Clear();
        nuint size = (nuint)Encoding.UTF8.GetByteCount(sentence) + 1; // with the zero at its end
        int error = Function<Synthesize>("espeak_Synth")(sentence, size, 0, Characters, 0, Utf8, 0, 0);
        return error == 0 ? ([.. spoken], [.. begun]) : null;
    }

    /// <summary>Ends the library and unloads it.</summary>
    public void Dispose()
    {
        Function<Terminate>("espeak_Terminate")();
        NativeLibrary.Free(library);
        GC.KeepAlive(receive);
    }

    [DllImport("libc", EntryPoint = "srand")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void SetSeed(uint seed);

    private T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private int Receive(nint samples, int count, nint events)
    {
        if (samples != 0 && count > 0)
        {
            short[] some = new short[count];
            Marshal.Copy(samples, some, 0, count);
            spoken.AddRange(some);
        }

        for (nint at = events; at != 0; at += Marshal.SizeOf<Event>())
        {
            Event next = Marshal.PtrToStructure<Event>(at);
            if (next.Type == EndOfEvents) break;
            if (next.Type == Phoneme) begun.Add((Encoding.UTF8.GetString(BitConverter.GetBytes(next.Name)).TrimEnd('\0'), next.Sample));
        }

        return 0; // go on
    }

    /// <summary>espeak_EVENT: the last field is a union, here the eight bytes of a name.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Event
    {
        public int Type;
        public uint Identifier;
        public int TextPosition;
        public int Length;
        public int AudioPosition;
        public int Sample;
        public nint Data;
        public ulong Name;
    }
}
