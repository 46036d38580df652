using System.IO.Hashing;
using System.Runtime.CompilerServices;

// Without one use of the DLL the build would not copy it to the output of those who refer to this project.
[assembly: TypeForwardedTo(typeof(Crc64))]
