import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore
import ServiceLifecycle

extension RESTDoor {
    func console(_ call: RouteCall) async throws -> Response {
        let vm = call.parameter(0)
        switch call.route {
        case .definition:
            // Whoever wrote it, a browser must not take it for a page of ours.
            return .bytes(Array(try await control.vmDefinition(vm).utf8), type: "text/plain; charset=utf-8")
        case .consoleLog:
            return .bytes(try await control.consoleLog(vm), type: "application/octet-stream")
        case .console:
            let (id, output) = try await control.openConsoleSession(vm)
            return stream(output, session: id, vm: vm, of: call.request)
        case .consoleInput:
            try await control.sendConsole(
                try await call.bytes(upTo: BodyLimit.console), session: call.parameter(1), vm: vm)
        case .consoleClose: await control.closeConsole(session: call.parameter(1), vm: vm)
        default: throw Problem.notServed(call.route)
        }
        return .nothing
    }

    /// Ends with the console, with the reader, or with the server; then the console is closed for the next one.
    private func stream(
        _ output: AsyncThrowingStream<[UInt8], any Error>, session: String, vm: String, of request: Request
    ) -> Response {
        let control = control
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .cacheControl: "no-store", .consoleSession: session,
            ],
            body: ResponseBody { writer in
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for try await bytes in output.cancelOnGracefulShutdown() {
                            try await writer.write(ByteBuffer(bytes: bytes))
                        }
                    }
                } catch {
                    // The reader is gone or the server stops: both end the console, and nobody is left to tell.
                    await control.closeConsole(session: session, vm: vm)
                    return
                }
                await control.closeConsole(session: session, vm: vm)
                try await writer.finish(nil)
            })
    }
}
