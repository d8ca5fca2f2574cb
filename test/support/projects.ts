import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Project } from "../../gen/clientele/v1/project_pb.ts";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";

/** A typed gRPC client with connections of its own. */
export function projectClient(baseUrl: string, interceptors: Interceptor[] = []) {
  return createClient(ProjectService, createGrpcTransport({ baseUrl, interceptors }));
}

/** The project of an answer that must hold one. */
export function projectOf({ project }: { readonly project?: Project | undefined }): Project {
  if (!project) throw new Error("the answer has no project");
  return project;
}
