using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Marks one symbol version required by a 64-bit ELF library as weak, so that the loader no longer insists on it.</summary>
/// <remarks>
/// Writes a new file and moves it into place: the old one may be a link into the package cache.
/// Does nothing where the version is absent or weak already. Layout: Linux Standard Base, "Symbol Versioning".
/// </remarks>
public class WeakenElfVersionNeed : Task
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 2;                        // VER_FLG_WEAK

    [Required] public string File { get; set; }
    [Required] public string VersionName { get; set; }

    public override bool Execute()
    {
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bool changed = false;
        foreach (int need in VersionNeeds(bytes))
        {
            if ((bytes[need + 4] & Weak) == 0)
            {
                bytes[need + 4] |= Weak;
                changed = true;
            }
        }

        if (changed)
        {
            // The timestamp of the original is kept, so that the next build treats the copy as unchanged.
            DateTime written = System.IO.File.GetLastWriteTimeUtc(File);
            string aside = File + ".new";
            System.IO.File.WriteAllBytes(aside, bytes);
            System.IO.File.SetLastWriteTimeUtc(aside, written);
            System.IO.File.Delete(File);
            System.IO.File.Move(aside, File);
        }

        return true;
    }

    // The offsets of the vernaux entries that carry the name.
    private IEnumerable<int> VersionNeeds(byte[] elf)
    {
        bool is64BitLittleEndian = elf.Length > 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[4] == 2 && elf[5] == 1;
        if (!is64BitLittleEndian) yield break;

        long sections = BitConverter.ToInt64(elf, 0x28);
        int sectionSize = BitConverter.ToUInt16(elf, 0x3A);
        int sectionCount = BitConverter.ToUInt16(elf, 0x3C);
        for (int i = 0; i < sectionCount; i++)
        {
            int section = (int)(sections + (long)i * sectionSize);
            if (BitConverter.ToUInt32(elf, section + 4) != VersionNeedSection) continue;

            int stringSection = (int)(sections + (long)BitConverter.ToInt32(elf, section + 40) * sectionSize);
            int strings = (int)BitConverter.ToInt64(elf, stringSection + 24);
            int library = (int)BitConverter.ToInt64(elf, section + 24);
            for (uint n = BitConverter.ToUInt32(elf, section + 44); n > 0; n--)
            {
                int version = library + (int)BitConverter.ToUInt32(elf, library + 8);
                for (int m = BitConverter.ToUInt16(elf, library + 2); m > 0; m--)
                {
                    if (NameAt(elf, strings + (int)BitConverter.ToUInt32(elf, version + 8)) == VersionName) yield return version;
                    version += (int)BitConverter.ToUInt32(elf, version + 12);
                }

                library += (int)BitConverter.ToUInt32(elf, library + 12);
            }
        }
    }

    private static string NameAt(byte[] bytes, int start)
    {
        return Encoding.ASCII.GetString(bytes, start, Array.IndexOf(bytes, (byte)0, start) - start);
    }
}
