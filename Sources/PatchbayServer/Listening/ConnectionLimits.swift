import NIOCore

/// How long a connection may take over what, and how many there may be.
package struct ConnectionLimits: Sendable {
    /// From the connection to the end of the first request's head.
    var head = TimeAmount.seconds(15)
    /// From an answer to the end of the next request's head.
    var idle = TimeAmount.seconds(60)
    /// For a body, and as much again for every `bodyBytes` of it.
    var body = TimeAmount.seconds(30)
    /// A report of 128 MiB may come at 4 KiB a second.
    var bodyBytesASecond = 4096
    /// Without a byte of an answer being taken.
    var answer = TimeAmount.seconds(60)
    /// At one listener. Who comes then takes the place of one that is silent, see `Connections`.
    var connections: Int

    package init(connections: Int) { self.connections = connections }

    /// Half of the files for TCP, an eighth for the unix socket: neither listener takes all, and what is left is for the
    /// store and for reading the host.
    static func tcp(files: Int) -> ConnectionLimits { ConnectionLimits(connections: min(10_000, max(16, files / 2))) }
    static func unix(files: Int) -> ConnectionLimits { ConnectionLimits(connections: min(1_000, max(16, files / 8))) }
}
